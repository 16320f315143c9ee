/** Where certificates, keys, accounts and renewal records are kept, kept fresh, and served from. */
module org.wucme.store {
    requires transitive org.wucme.acme;
    requires com.fasterxml.jackson.databind;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports org.wucme.manage;
    exports org.wucme.store;
    exports org.wucme.store.file;
    exports org.wucme.tls;
}
