/** The contract of stores as tests, and stores for the tests of others. */
module org.wucme.store.testing {
    requires transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.wucme.store;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;

    exports org.wucme.store.testing;
}
