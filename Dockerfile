# syntax=docker/dockerfile:1
# One image for web, worker, composer, beat and the step that prepares them.

FROM node:22-slim AS front
WORKDIR /app
# The script that copies is Python, standard library only.
RUN apt-get update && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
COPY scripts/front.py scripts/
RUN python3 scripts/front.py

FROM python:3.12-slim AS packages
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.8
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen

FROM python:3.12-slim
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    GIBUN_VAR_DIR=/var/lib/gibun \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --home-dir /var/lib/gibun --create-home gibun
COPY --from=packages /app/.venv .venv
COPY . .
COPY --from=front /app/static/vendor static/vendor
# What the running user may not write is made here. The folder is not the volume's: it must not
# keep the secret key that the embedded mode makes for itself.
RUN DJANGO_SETTINGS_MODULE=config.settings.base GIBUN_VAR_DIR=/tmp/build \
    python manage.py compile_translations && rm -rf /tmp/build
USER gibun
VOLUME /var/lib/gibun
EXPOSE 8000
CMD ["sh", "scripts/process.sh", "web"]
