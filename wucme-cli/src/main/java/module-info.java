/** The wucme command. */
module org.wucme.cli {
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires java.logging;
    requires okhttp3;
    requires org.jspecify;
    requires org.wucme.acme;
    requires org.wucme.challenges;
    requires org.wucme.store;

    opens org.wucme.cli to
            info.picocli;
}
