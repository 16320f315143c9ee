package org.wucme.acme;

import java.io.IOException;

/** Creates a resource of the CA, and reads what came of it. */
@FunctionalInterface
interface Creation<T> {

    /**
     * Sends the request.
     *
     * @param doing what is done, for messages
     * @param url where resources of this kind are created
     * @param payload a JSON object
     */
    T create(String doing, String url, byte[] payload) throws IOException;
}
