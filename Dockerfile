FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /roundtrip ./cmd/roundtrip
RUN mkdir /data

# Nothing but the binary, the certificates of others and a place for the
# database: no shell, no package manager, not root.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /roundtrip /roundtrip
COPY --from=build --chown=65532:65532 /data /data
ENV ROUNDTRIP_LISTEN=0.0.0.0:8080 ROUNDTRIP_DATABASE_URL=sqlite:/data/roundtrip.db
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/roundtrip"]
CMD ["serve"]
