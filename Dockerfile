FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/mockserver && mkdir /data

# The packages are a layer of their own, since they change less often than the code. pip byte-compiles what it installs.
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > requirements.txt \
    && pip --python /opt/mockserver/bin/python install --requirement requirements.txt

COPY README.md LICENSE ./
COPY mockserver mockserver
RUN pip --python /opt/mockserver/bin/python install --no-deps .


FROM python:3.13-slim
COPY --from=build --chown=10001:10001 /data /data
COPY --from=build /opt/mockserver /opt/mockserver
ENV PATH=/opt/mockserver/bin:$PATH MOCKSERVER_HOST=0.0.0.0
USER 10001:10001
VOLUME /data
EXPOSE 4100
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["mockserver", "healthcheck"]
ENTRYPOINT ["mockserver"]
CMD ["serve"]
