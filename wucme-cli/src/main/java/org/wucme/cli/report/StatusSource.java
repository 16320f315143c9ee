package org.wucme.cli.report;

import java.io.IOException;
import org.wucme.manage.ManagerStatus;

/** Reads the status of a manager: {@link org.wucme.manage.CertificateManager#status}. */
@FunctionalInterface
public interface StatusSource {

    /**
     * The status now.
     *
     * @throws IOException if the store cannot be read
     */
    ManagerStatus read() throws IOException;
}
