package org.wucme.acme;

import org.wucme.acme.challenge.Challenge;

/** What {@link Account#obtain} tells while it works; in the order in which it happens, from any thread. */
public sealed interface IssuanceEvent {

    /** The name of the logger of what {@link ChallengeRefused} tells, for applications that show that themselves. */
    String REFUSAL_LOGGER = "org.wucme.acme.refusals";

    /** An order stands. Keep its URL to resume after a crash: the next step comes only when the listener returned. */
    record OrderCreated(Order order) implements IssuanceEvent {}

    /** The answer to a challenge can be seen, and the CA was told so. */
    record ChallengeStarted(Identifier identifier, Challenge challenge) implements IssuanceEvent {}

    /**
     * The CA tried to validate an identifier and could not, but has not decided yet: it is asked to try again (RFC 8555
     * section 8.2).
     *
     * @param problem why, in the CA's words
     * @param refusals how many attempts in a row have failed for this kind of reason, this one included
     */
    record ChallengeRefused(Identifier identifier, Problem problem, int refusals) implements IssuanceEvent {}

    /** The CA accepts that the account controls an identifier. */
    record IdentifierValidated(Identifier identifier) implements IssuanceEvent {}

    /** The certificate request was sent. */
    record OrderFinalized(Order order) implements IssuanceEvent {}
}
