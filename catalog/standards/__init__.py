"""数据标准: which standards hold, from when to when, for whom, with their texts; the aggregation norm among them."""
