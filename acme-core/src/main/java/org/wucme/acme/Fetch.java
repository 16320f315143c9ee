package org.wucme.acme;

import java.io.IOException;

/** Fetches a resource of the CA by its URL. */
@FunctionalInterface
interface Fetch<T> {
    T fetch(String url) throws IOException;
}
