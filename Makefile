# 渝数：make run 启动整个系统，make test 运行全部测试。只需要 Python 3.11 以上、make 和 git。
.POSIX:
.PHONY: help setup run test check bench drill lock

PY = .venv/bin/python
# Nothing of the caller's: the tests and checks bring their own database and settings.
CLEAN = env -u DATABASE_URL -u REDIS_URL -u DATA_DIR -u SECRET_KEY -u SITE_URL -u EMAIL_URL
JOBS = 2

help:
	@echo '  make run     启动（PORT=8000 DATA_DIR=.data），Ctrl-C 停止'
	@echo '  make test    运行全部测试（TESTS=tests/kernel 只运行一部分）'
	@echo '  make check   格式、类型、依赖方向、部署检查、文档与代码一致'
	@echo '  make bench   测量，每项与同一次运行中的下限相比'
	@echo '  make drill   故障演练：办件进行中随机杀死各进程，再核对有无遗失和重复'
	@echo '  make setup   只安装依赖；以上各项都会先做这一步'

setup:
	@requirements/install.sh

run: setup
	@exec $(PY) -m config.run

TESTS = tests
test: setup
	@exec $(CLEAN) $(PY) -m pytest -q -n $(JOBS) --dist loadgroup --durations 10 $(TESTS)

check: setup
	@exec $(CLEAN) $(PY) requirements/check.py

bench: setup
	@exec $(CLEAN) $(PY) -m bench $(ONLY)

drill: setup
	@exec $(CLEAN) $(PY) -m tests.drill $(DRILL)

# After a change of the dependencies in pyproject.toml (see docs/decisions/003-locks.md).
lock: setup
	@for part in base dev; do \
	  extra=; [ $$part = base ] || extra='--extra dev -c requirements/base.txt'; \
	  .venv/bin/uv pip compile pyproject.toml $$extra --generate-hashes --no-emit-index-url --universal \
	    --python-version 3.11 --no-header -q -o requirements/$$part.txt || exit 1; \
	done
