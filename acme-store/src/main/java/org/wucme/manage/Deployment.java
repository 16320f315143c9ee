package org.wucme.manage;

import java.io.IOException;
import org.wucme.store.StoredCertificate;

/**
 * What is to be done with a certificate once it is stored: have a server load it, copy it elsewhere, tell somebody.
 *
 * <p>It is carried out once with each certificate in a store, whoever stored it, and again only if a crash came between its
 * end and the note of it. It may be carried out by the processes of several managers, one at a time for each certificate. A
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
