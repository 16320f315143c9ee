package org.wucme.manage;

import java.io.IOException;
import org.wucme.store.StoredCertificate;

/**
 * What is to be done with a certificate once it is stored: have a server load it, copy it elsewhere, tell somebody.
 *
 * <p>It may be carried out again with the same certificate, since a crash may come between its end and the note of it. A
 * manager carries out one at a time; one that may hang must limit itself, since the others wait for it.
 */
@FunctionalInterface
public interface Deployment {

    /**
     * Carries this out. When its thread is interrupted it should fail soon, with the thread's flag set, and is carried out
     * by the next manager.
     *
     * @throws IOException if it failed, and is to be tried again
     */
    void deploy(StoredCertificate certificate) throws IOException;
}
