/** The wucme command. */
module org.wucme.cli {
    requires com.fasterxml.jackson.databind;
    requires com.nimbusds.jose.jwt;
    requires info.picocli;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires jakarta.mail;
    requires java.logging;
    requires jdk.unsupported;
    requires okhttp3;
    requires org.eclipse.angus.mail;
    requires org.jspecify;
    requires org.slf4j;
    requires org.wucme.acme;
    requires org.wucme.challenges;
    requires org.wucme.store;
    requires org.dnsjava;

    opens org.wucme.cli to
            info.picocli;
}
