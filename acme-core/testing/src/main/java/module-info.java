/** A certificate authority for tests (RFC 8555), and what a client's tests need beside it. */
module org.wucme.testing {
    requires transitive org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires com.nimbusds.jose.jwt;
    requires java.logging;
    requires jdk.management;
    requires mockwebserver3;
    requires okhttp3;
    requires okio;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;

    exports org.wucme.testing.ca;
}
