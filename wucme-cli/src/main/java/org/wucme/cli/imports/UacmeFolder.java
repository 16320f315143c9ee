package org.wucme.cli.imports;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.wucme.cli.imports.ForeignCertificate.RenewalTerms;

/**
 * uacme's: {@code private/key.pem} is the account's key, {@code NAME/cert.pem} and {@code private/NAME/key.pem} are a
 * certificate and its key. Nothing says from which CA they are, nor how names were proven.
 */
final class UacmeFolder implements ForeignClient.Reading {

    private static final String PRIVATE = "private";
    private static final String ACCOUNT_KEY = "private/key.pem";

    private final SourceFolder folder;
    private final ForeignKeys keys;
    private final Directories directories;

    UacmeFolder(SourceFolder folder, Directories directories) {
        this.folder = folder;
        this.keys = new ForeignKeys(folder);
        this.directories = directories;
    }

    static boolean isOne(SourceFolder folder) {
        return folder.isFile(ACCOUNT_KEY);
    }

    @Override
    public void read(FolderContents contents) throws IOException {
        List<List<X509Certificate>> chains = new ArrayList<>();
        for (String name : folder.folders("")) {
            if (folder.isFile(name + "/cert.pem")) {
                contents.lookAt(name, () -> contents.add(certificate(name, chains)));
            }
        }
        if (folder.isFile(ACCOUNT_KEY)) {
            contents.lookAt(ACCOUNT_KEY, () -> contents.add(account(chains)));
        }
    }

    private ForeignCertificate certificate(String name, List<List<X509Certificate>> chains) throws IOException {
        List<X509Certificate> certificates = keys.certificates(name + "/cert.pem");
        chains.add(certificates);
        return ForeignKeys.certificate(
                name,
                name,
                certificates,
                keys.pem(PRIVATE + "/" + name + "/key.pem"),
                new RenewalTerms(directories.of(certificates), ACCOUNT_KEY, null, null, null, false));
    }

    private ForeignAccount account(List<List<X509Certificate>> chains) throws IOException {
        Set<String> found = new TreeSet<>();
        for (List<X509Certificate> chain : chains) {
            found.add(directories.of(chain));
        }
        directories.asked().ifPresent(found::add);
        if (found.size() != 1) {
            throw new LeftOutException(
                    "at which CA it has an account is not said: give the URL of its directory by --ca");
        }
        return new ForeignAccount(ACCOUNT_KEY, found.iterator().next(), null, List.of(), keys.pem(ACCOUNT_KEY));
    }
}
