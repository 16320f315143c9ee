/** The wucme command. */
module org.wucme.cli {
    requires info.picocli;
    requires java.logging;
    requires org.jspecify;
    requires org.wucme.acme;
    requires org.wucme.challenges;
    requires org.wucme.store;

    opens org.wucme.cli to
            info.picocli;
}
