# SPDX-License-Identifier: Apache-2.0
# docker build -t sweetspot . && docker run -p 8080:8080 -e DATABASE_URL=postgresql://... -e SWEETSPOT_MIGRATE=1 sweetspot
FROM debian:bookworm-slim AS build
RUN apt-get update -q && apt-get install -q -y --no-install-recommends \
        gcc make libc6-dev libmicrohttpd-dev libjansson-dev libpq-dev libssl-dev libunistring-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Makefile openapi.yaml ./
COPY cmd cmd
COPY include include
COPY service service
COPY migrations migrations
RUN make -j "$(nproc)" build && strip build/sweetspot

FROM debian:bookworm-slim
RUN apt-get update -q && apt-get install -q -y --no-install-recommends \
        libmicrohttpd12 libjansson4 libpq5 libssl3 libunistring2 curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --shell /usr/sbin/nologin sweetspot
COPY --from=build /source/build/sweetspot /usr/local/bin/sweetspot
COPY LICENSE /usr/share/doc/sweetspot/LICENSE
USER sweetspot
ENV SWEETSPOT_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/livez"]
ENTRYPOINT ["sweetspot"]
CMD ["serve"]
