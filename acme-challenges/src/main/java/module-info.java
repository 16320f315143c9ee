/** Responders for ACME challenges: http-01 (RFC 8555 section 8.3) and tls-alpn-01 (RFC 8737, RFC 8738). */
@SuppressWarnings("module") // the command is built after this module
module org.wucme.challenges {
    requires transitive org.wucme.acme;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports org.wucme.challenges;
    exports org.wucme.challenges.http;
    exports org.wucme.challenges.internal to
            org.wucme.cli;
    exports org.wucme.challenges.internal.server to
            org.wucme.cli;
    exports org.wucme.challenges.tlsalpn;
}
