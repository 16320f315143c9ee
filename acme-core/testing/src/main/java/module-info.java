/** For tests of ACME clients: a certificate authority (RFC 8555), an authoritative DNS server, and a JUnit 5 extension. */
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
    requires org.dnsjava;
    requires static org.junit.jupiter.api;

    exports org.wucme.testing.ca;
    exports org.wucme.testing.dns;
    exports org.wucme.testing.junit;
}
