package org.wucme.acme;

import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the directories of CAs from one run of a program to the next, so that a client need not begin with fetching one
 * (RFC 8555 section 7.1.1). The file store has one: {@code CertificateStore.directories()}.
 *
 * <p>A cache is a convenience. A client goes on without it when a method throws, and fetches the directory when what it gets
 * cannot be read or has expired, or when a reply gives reason to doubt it; a new one takes the place of the old. So nothing
 * needs to be checked here, and nothing is lost with a cache. Implementations are thread-safe.
 */
public interface DirectoryCache {

    /** Keeps nothing. */
    DirectoryCache NONE = new NoDirectoryCache();

    /**
     * What was saved last for a CA; empty if there is nothing, or nothing that can be read.
     *
     * @param directoryUrl identifies the CA
     */
    Optional<CachedDirectory> load(String directoryUrl) throws IOException;

    /** Keeps a directory in the place of the one before. */
    void save(String directoryUrl, CachedDirectory directory) throws IOException;

    /** Forgets the directory of a CA, if there is one, since the CA forbids to keep it. */
    void drop(String directoryUrl) throws IOException;
}
