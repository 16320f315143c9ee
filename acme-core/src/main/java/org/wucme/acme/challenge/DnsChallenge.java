package org.wucme.acme.challenge;

import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Identifier;

/**
 * A challenge that is answered by a TXT record, so that whoever can publish one can answer it: {@link Dns01},
 * {@link DnsAccount01} and {@link DnsPersist01}. Only these serve wildcards, and none of them serves addresses.
 */
public interface DnsChallenge extends Challenge {

    /**
     * The record that answers this challenge. Its name may hold other records already, of an order at the same time or of
     * a wildcard beside the name itself: publishers add this one, and later remove this one only.
     *
     * @param identifier what is to be proven; a wildcard may come with its {@code *.}
     * @param account who answers
     * @throws AcmeProtocolException if the CA's challenge is malformed, so that no record can answer it
     */
    TxtRecord txtRecord(Identifier identifier, AccountIdentity account) throws AcmeProtocolException;
}
