"""开放主体争议、数源争议 (`procedures/dispute`) and 开放属性修改建议 (`procedures/suggestion`): guards, limits, pages.

`standing` is the one place that says who may not newly open an item or newly call itself its source; opening asks it
too. `subjects.register` lets other matters lead here.
"""
