package org.wucme.acme;

import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.pki.KeyType;
import org.wucme.testing.ca.TestCa;

/** Clients and accounts at a {@link TestCa}. */
final class TestClients {

    private TestClients() {}

    static AcmeClient.Builder builder(TestCa ca) {
        return builder(ca, new Ca("test", ca.directoryUrl()));
    }

    /** A client that takes the CA for this one. */
    static AcmeClient.Builder builder(TestCa ca, Ca as) {
        return AcmeClient.builder(as).trustedRoots(List.of(ca.tlsRoot()));
    }

    static AcmeClient client(TestCa ca) {
        return builder(ca).build();
    }

    static Account register(AcmeClient client) throws java.io.IOException {
        return client.register(Registration.with(newKey()).agreeToTerms());
    }

    static KeyPair newKey() {
        return KeyType.EC_P256.generate();
    }

    /** Waits, in real time, for something that another thread or the CA does. */
    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Says yes to every http-01 challenge and shows nothing: for a CA that is always satisfied. Counts what is shown. */
    static final class SilentSolver implements ChallengeSolver {

        final Set<Challenge> visible = ConcurrentHashMap.newKeySet();
        final Set<Challenge> everPresented = ConcurrentHashMap.newKeySet();

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return challenge instanceof Http01;
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            visible.add(challenge);
            everPresented.add(challenge);
            return () -> visible.remove(challenge);
        }
    }
}
