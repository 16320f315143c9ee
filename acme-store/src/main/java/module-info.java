/** Where certificates, keys, accounts and renewal records are kept. */
module org.wucme.store {
    requires transitive org.wucme.acme;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;

    exports org.wucme.manage;
    exports org.wucme.store;
    exports org.wucme.store.file;
}
