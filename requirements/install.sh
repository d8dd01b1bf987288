#!/bin/sh
# Make .venv from the lock. Needs Python >= 3.11 and nothing else; quick when nothing has changed.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/dev.txt

# A virtual environment knows its own place: a moved clone needs a new one.
stamp="$(cat "$lock" pyproject.toml requirements/install.sh | cksum) $(pwd)"
if [ -x .venv/bin/python ] && [ "$(cat .venv/.installed 2>/dev/null || true)" = "$stamp" ]; then
    exit 0
fi

fail() {
    printf '%s\n' "安装没有完成：$1" >&2
    exit 1
}

usable() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
    if usable "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "没有找到 Python 3.11 或更新版本。Debian 或 Ubuntu：apt-get install python3 python3-venv；已装在别处时用 PYTHON=/路径/python3 make setup 指明。"
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
    fail "$("$python" --version) 缺少 venv 模块。Debian 或 Ubuntu：apt-get install python3-venv。"

if ! { [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip, sys; sys.exit(sys.prefix != sys.argv[1])' "$(pwd)/.venv"; } >/dev/null 2>&1; then
    echo "建立虚拟环境 .venv（$("$python" --version)）"
    "$python" -m venv --clear .venv || fail "不能建立 .venv，原因见上。"
fi
rm -f .venv/.installed

pip() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"
}
echo "安装锁定的依赖（$(grep -c '==' "$lock") 个包），第一次需要几分钟"
pip install --quiet --require-hashes -r "$lock" || fail "依赖没有装全，原因见上。多为网络中断，再执行一次即可继续。"
pip install --quiet --no-deps --no-build-isolation -e . || fail "本项目没有装入 .venv，原因见上。"
printf '%s' "$stamp" >.venv/.installed
echo "安装完成"
