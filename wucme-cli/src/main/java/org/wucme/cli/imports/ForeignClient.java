package org.wucme.cli.imports;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The other clients whose folders can be read. */
public enum ForeignClient {
    /** certbot, whose folder commonly is {@code /etc/letsencrypt}. */
    CERTBOT("certbot"),
    /** lego, whose folder commonly is {@code .lego}. */
    LEGO("lego"),
    /** acme.sh, whose folder commonly is {@code ~/.acme.sh}. */
    ACME_SH("acme.sh"),
    /** uacme, whose folder commonly is {@code /etc/ssl/uacme}. */
    UACME("uacme");

    private final String title;

    ForeignClient(String title) {
        this.title = title;
    }

    /** Reads all that a folder of one client holds. */
    interface Reading {
        void read(FolderContents contents) throws IOException;
    }

    /**
     * The client with a name.
     *
     * @throws IllegalArgumentException if there is none; the message lists them all
     */
    public static ForeignClient of(String name) {
        return Arrays.stream(values())
                .filter(client -> client.title.equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("\"" + name + "\" is none of " + list(List.of(values()))));
    }

    /**
     * The client that a folder is of.
     *
     * @throws IOException if it is not seen, or more than one may be
     */
    static ForeignClient of(SourceFolder folder) throws IOException {
        List<ForeignClient> clients = Arrays.stream(values())
                .filter(client -> client.isSeenIn(folder))
                .toList();
        if (clients.size() == 1) {
            return clients.get(0);
        }
        throw new IOException(
                clients.isEmpty()
                        ? folder.path() + " looks like the folder of none of " + list(List.of(values()))
                                + ": give the one that has their accounts and certificates in it"
                        : folder.path() + " looks like the folder of each of " + list(clients)
                                + ": say which by --from");
    }

    private boolean isSeenIn(SourceFolder folder) {
        return switch (this) {
            case CERTBOT -> CertbotFolder.isOne(folder);
            case LEGO -> LegoFolder.isOne(folder);
            case ACME_SH -> AcmeShFolder.isOne(folder);
            case UACME -> UacmeFolder.isOne(folder);
        };
    }

    Reading open(SourceFolder folder, Directories directories) {
        return switch (this) {
            case CERTBOT -> new CertbotFolder(folder, directories);
            case LEGO -> new LegoFolder(folder, directories);
            case ACME_SH -> new AcmeShFolder(folder, directories);
            case UACME -> new UacmeFolder(folder, directories);
        };
    }

    private static String list(List<ForeignClient> clients) {
        return clients.stream().map(ForeignClient::toString).collect(Collectors.joining(", "));
    }

    /** What its makers call it. */
    @Override
    public String toString() {
        return title;
    }
}
