# Plimsoll as a container image: Node.js, and dist/ as it lies in the repository. Nothing is built and nothing fetched here,
# and no syntax of BuildKit is used, so that every builder makes it:
#
#   docker build -t plimsoll .
#   docker run --rm --read-only -v "$PWD:/work:ro" plimsoll check
#
# The base has no digest until the repository's own configuration (.plimsoll.yml, "pin: true") has one proposed.
ARG BASE=docker.io/library/node:24-slim
FROM ${BASE}
LABEL org.opencontainers.image.title="Plimsoll" org.opencontainers.image.licenses="MIT"
COPY dist /opt/plimsoll/dist
# Writable for whoever it runs as (--user, OpenShift); what is made in them is its maker's alone.
RUN ln -s /opt/plimsoll/dist/cli.js /usr/local/bin/plimsoll && mkdir -p /state /cache /work && chmod 1777 /state /cache
# "container" is how a program learns that what it writes outside of volumes goes with it (systemd.io/CONTAINER_INTERFACE).
ENV XDG_STATE_HOME=/state XDG_CACHE_HOME=/cache container=oci
VOLUME ["/state", "/cache"]
WORKDIR /work
USER 65532:65532
# Where no "plimsoll serve" runs, this says that all is well.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["plimsoll", "healthcheck"]
EXPOSE 8087
ENTRYPOINT ["plimsoll"]
CMD ["--help"]
