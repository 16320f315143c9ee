package org.wucme.acme;

import java.util.Optional;

/** Keeps nothing. */
final class NoDirectoryCache implements DirectoryCache {

    @Override
    public Optional<CachedDirectory> load(String directoryUrl) {
        return Optional.empty();
    }

    @Override
    public void save(String directoryUrl, CachedDirectory directory) {
        // It is fetched again.
    }

    @Override
    public void drop(String directoryUrl) {
        // There is none.
    }
}
