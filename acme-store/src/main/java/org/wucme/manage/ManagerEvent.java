package org.wucme.manage;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeClockException;
import org.wucme.acme.RenewalTime;
import org.wucme.store.ActiveManager;
import org.wucme.store.StoredCertificate;

/** What an administrator must know of what a manager does. */
public sealed interface ManagerEvent {

    /** A first certificate was obtained and stored: from now on it can be served. */
    record Obtained(StoredCertificate certificate) implements ManagerEvent {}

    /** A certificate was renewed and stored: from now on the new one can be served. */
    record Renewed(StoredCertificate certificate) implements ManagerEvent {}

    /**
     * An attempt failed; what was stored before is untouched.
     *
     * @param name what the store calls the certificate
     * @param cause why; an {@link org.wucme.acme.AcmeException} says what can be done about it
     * @param nextAttempt when it is tried again; null if as soon as somebody looks again
     */
    record Failed(String name, IOException cause, @Nullable Instant nextAttempt) implements ManagerEvent {

        /**
         * Whether a human must act, since the same attempt will always fail: an {@link Alarm} for {@link Reason#PERMANENT_PROBLEM} or
         * {@link Reason#WRONG_CLOCK} says so as well, once a day. Of the two, a listener that notifies humans needs one.
         */
        public boolean needsHuman() {
            return cause instanceof AcmeClockException || Failure.isPermanent(cause);
        }
    }

    /**
     * A human must act, or a certificate expires. Told again at most once a day while that does not change.
     *
     * @param name what the store calls the certificate
     * @param reason what kind of alarm this is
     * @param message what is wrong, and what to do
     */
    record Alarm(String name, Reason reason, String message) implements ManagerEvent {}

    /** Why there is an {@link Alarm}. */
    enum Reason {
        /** It has not been renewed, and little of its lifetime is left. */
        EXPIRES_SOON,
        /** The same, and it has ended. */
        EXPIRED,
        /** The CA refuses what it will always refuse. */
        PERMANENT_PROBLEM,
        /** This machine's clock, or the CA's, is wrong: nothing is ordered before it is set. */
        WRONG_CLOCK,
        /** What the store holds cannot be used as it is. */
        NEEDS_HELP,
        /** A deployment failed again and again, so that somebody may still work with an old certificate. */
        NOT_DEPLOYED
    }

    /**
     * The CA would like a certificate to be renewed at another time than before (RFC 9773 section 4.2).
     *
     * @param name what the store calls the certificate
     * @param before what was chosen before; null if this is the first suggestion
     * @param after what was chosen now
     * @param explanationUrl page that tells a human why; null if the CA gave none
     */
    record RenewalTimeChosen(
            String name,
            @Nullable RenewalTime before,
            RenewalTime after,
            @Nullable String explanationUrl) implements ManagerEvent {}

    /** An account was registered at a CA. */
    record AccountRegistered(String directoryUrl, String accountUrl) implements ManagerEvent {}

    /** This manager takes care of the store from now on. */
    record BecameActive() implements ManagerEvent {}

    /**
     * Another manager takes care of the store; this one waits for it to end.
     *
     * @param owner who that is, as far as known
     */
    record BecameStandby(ActiveManager owner) implements ManagerEvent {}

    /**
     * Deployments are to be carried out with a certificate that was just stored.
     *
     * @param deployments their names
     */
    record DeploymentOwed(StoredCertificate certificate, List<String> deployments) implements ManagerEvent {
        public DeploymentOwed {
            deployments = List.copyOf(deployments);
        }
    }

    /**
     * A deployment was carried out.
     *
     * @param deployment its name
     */
    record Deployed(StoredCertificate certificate, String deployment) implements ManagerEvent {}

    /**
     * A deployment failed; it and those after it are still owed.
     *
     * @param deployment its name
     * @param nextAttempt when it is tried again at the earliest
     */
    record DeploymentFailed(StoredCertificate certificate, String deployment, IOException cause, Instant nextAttempt)
            implements ManagerEvent {}

    /**
     * The listener was too slow to be told what happened between the event before and the one after this.
     *
     * @param count how many events that were
     */
    record EventsLost(long count) implements ManagerEvent {}

    /**
     * The manager itself, or what it was given to work with, met something that nobody was prepared for; it goes on.
     *
     * @param cause why; after a {@link LinkageError} or {@link VirtualMachineError} a new process may do better
     */
    record Trouble(Throwable cause) implements ManagerEvent {}
}
