package org.wucme.cli.imports;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.wucme.store.CertificateStore;

/** What another client has in a folder, to be taken over. */
public final class FolderImport {

    private final ForeignClient client;
    private final SourceFolder folder;
    private final Directories directories;

    private FolderImport(ForeignClient client, SourceFolder folder, Directories directories) {
        this.client = client;
        this.folder = folder;
        this.directories = directories;
    }

    /**
     * Opens a folder.
     *
     * @param client whose it is; null to recognise it
     * @param directoryUrl the CA, where the client does not say which; null if it is not known
     * @throws IOException if it cannot be read, or whose it is cannot be told
     */
    public static FolderImport of(Path path, @Nullable ForeignClient client, @Nullable String directoryUrl)
            throws IOException {
        SourceFolder folder = SourceFolder.open(path);
        return new FolderImport(
                client == null ? ForeignClient.of(folder) : client, folder, new Directories(directoryUrl));
    }

    /** Whose folder it is. */
    public ForeignClient client() {
        return client;
    }

    /**
     * Takes all that can be taken over into a store, and says of each part what became of it.
     *
     * @param lookup null if no CA may be asked
     * @throws IOException if the folder itself cannot be read
     */
    public void into(CertificateStore store, ImportMode mode, @Nullable AccountLookup lookup, Report report)
            throws IOException {
        report.begin(client, folder.path());
        FolderContents contents = new FolderContents(report);
        client.open(folder, directories).read(contents);
        new Importer(store, mode, lookup, report).take(contents);
    }
}
