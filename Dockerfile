# One image for web, worker, beat and the one-off commands; the command says which (python -m config.serve …).
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements/base.txt requirements/base.txt
RUN .venv/bin/pip install --require-hashes --only-binary :all: -r requirements/base.txt
COPY . .
RUN .venv/bin/pip install --no-deps --no-build-isolation -e . \
 && YUSHU_DEMO=1 DATABASE_URL=postgres://unused/unused REDIS_URL=redis://unused \
    .venv/bin/python manage.py collectstatic --noinput -v 0 \
 && .venv/bin/python -m compileall -q platform security catalog sharing

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin yushu \
 && install -d -o yushu -g yushu -m 0750 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings DATA_DIR=/data BIND=0.0.0.0 PORT=8000
USER yushu
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "config.serve", "web"]
