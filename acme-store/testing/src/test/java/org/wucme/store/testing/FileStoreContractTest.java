package org.wucme.store.testing;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.CertificateStore;
import org.wucme.store.file.FileStore;

@SuppressWarnings("NullAway.Init")
class FileStoreContractTest extends StoreSafetyContract {

    @TempDir
    Path folder;

    @Override
    protected CertificateStore open() throws IOException {
        return FileStore.open(folder);
    }
}
