# The emulator as a container: docker build -t longrunning-emulator . && docker run --rm -p 8080:8080 longrunning-emulator
FROM node:22-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && npm pack --pack-destination /tmp

FROM node:22-slim
WORKDIR /app
COPY --from=build /tmp/longrunning-*.tgz /tmp/
RUN npm install --no-audit --no-fund --omit=dev /tmp/longrunning-*.tgz && rm /tmp/longrunning-*.tgz
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["node_modules/.bin/longrunning", "emulator", "--host", "0.0.0.0", "--port", "8080"]
