package org.wucme.store.file;

import java.nio.file.Path;
import org.wucme.store.StoreException;

/**
 * Where the files of one certificate are, in the spelling they have.
 *
 * @param certificate leaf, chain and key
 * @param key the key once more
 * @param renewal the renewal record
 * @param nextKey the key of a certificate to come
 */
record CertificateFiles(Path certificate, Path key, Path renewal, Path nextKey) {

    static CertificateFiles of(String name, Listing listing) throws StoreException {
        return new CertificateFiles(
                listing.find(FileNames.certificate(name)),
                listing.find(FileNames.key(name)),
                listing.find(FileNames.renewal(name)),
                listing.find(FileNames.nextKey(name)));
    }
}
