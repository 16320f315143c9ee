package org.wucme.acme.internal.http;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells why the TLS certificate of a CA's own server was refused, in words for an administrator. */
final class Distrust {

    private Distrust() {}

    /** The reason; empty if the failure is of another kind, and trying again can help. */
    static Optional<String> reason(IOException failure) {
        if (failure instanceof SSLPeerUnverifiedException) {
            return Optional.of("it is for another host name");
        }
        boolean ofTrust = false;
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
            ofTrust |= isOfTrust(root);
        }
        return ofTrust ? Optional.of(describe(root)) : Optional.empty();
    }

    // A handshake fails for other causes too: a peer that hangs up in the middle of it, for one.
    private static boolean isOfTrust(Throwable cause) {
        return cause instanceof CertificateException
                || cause instanceof CertPathValidatorException
                || cause instanceof CertPathBuilderException;
    }

    private static String describe(Throwable root) {
        if (root instanceof CertificateExpiredException || root instanceof CertificateNotYetValidException) {
            return root.getMessage() + "; is this machine's clock right?";
        }
        return "it leads to no root that is known here; if this CA has a private root, name its file";
    }
}
