package org.wucme.acme;

import java.io.IOException;

/**
 * Keeps a new account key where it survives a crash, before a CA is told of it.
 *
 * @param <K> how the key is held: a {@link java.security.KeyPair} or a {@link org.wucme.acme.pki.Signer}
 */
@FunctionalInterface
public interface KeyKeeper<K> {

    /**
     * Keeps the new key beside the old one, which stays in force until the change is done.
     *
     * @throws IOException if it cannot be kept; the change then does not begin
     */
    void keep(K newKey) throws IOException;
}
