package org.wucme.store.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.CertificateStore;
import org.wucme.store.file.FileStore;

@SuppressWarnings("NullAway.Init")
class LosingFileStoreTest extends StoreTakeoverContract {

    private final IdentityHashMap<CertificateStore, LeaseLosingStore> nodes = new IdentityHashMap<>();

    @TempDir
    Path folder;

    @Override
    protected CertificateStore open() throws IOException {
        LeaseLosingStore node = new LeaseLosingStore(FileStore.open(folder));
        nodes.put(node.store(), node);
        return node.store();
    }

    @Override
    protected void expireLeases(CertificateStore node) {
        Objects.requireNonNull(nodes.get(node)).loseAll();
    }
}
