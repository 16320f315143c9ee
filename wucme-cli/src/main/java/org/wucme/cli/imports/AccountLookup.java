package org.wucme.cli.imports;

import java.io.IOException;
import java.security.KeyPair;
import java.util.Optional;

/** Asks a CA for the account of a key (RFC 8555 section 7.3.1). */
@FunctionalInterface
public interface AccountLookup {

    /**
     * The account's URL; empty if the CA knows none.
     *
     * @param directoryUrl the CA's directory
     */
    Optional<String> find(String directoryUrl, KeyPair key) throws IOException;
}
