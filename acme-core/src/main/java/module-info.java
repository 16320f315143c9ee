/** The ACME protocol (RFC 8555): accounts, orders, authorizations, certificates. */
@SuppressWarnings("module") // the other modules are built after this one
module org.wucme.acme {
    requires transitive okhttp3;
    requires transitive org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires com.nimbusds.jose.jwt;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports org.wucme.acme;
    exports org.wucme.acme.challenge;
    exports org.wucme.acme.internal.files to
            org.wucme.challenges,
            org.wucme.store,
            org.wucme.cli;
    exports org.wucme.acme.internal.jca to
            org.wucme.challenges,
            org.wucme.store,
            org.wucme.cli;
    exports org.wucme.acme.internal.octets to
            org.wucme.store;
    exports org.wucme.acme.internal.solving to
            org.wucme.store;
    exports org.wucme.acme.internal.text to
            org.wucme.challenges,
            org.wucme.store,
            org.wucme.cli;
    exports org.wucme.acme.pki;

    uses org.wucme.acme.CaProvider;
}
