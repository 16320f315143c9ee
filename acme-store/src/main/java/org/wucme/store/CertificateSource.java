package org.wucme.store;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What a TLS server needs of the place where its certificates are kept: to see that one has changed, and to read it.
 *
 * <p>Thread-safe.
 */
public interface CertificateSource {

    /**
     * The names of all certificates, each with a text that becomes another whenever the certificate or its key does. Asked
     * every few seconds, so it should parse nothing.
     *
     * @throws IOException if it cannot be told
     */
    Map<String, String> versions() throws IOException;

    /**
     * What is stored under a name, not older than any version that was told before this call; empty if nothing is.
     *
     * @throws IOException if it cannot be read
     */
    Optional<StoredCertificate> load(String name) throws IOException;
}
