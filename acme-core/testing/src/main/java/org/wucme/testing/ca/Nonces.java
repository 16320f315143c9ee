package org.wucme.testing.ca;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Nonces that are good for one request each (RFC 8555 section 6.5). */
final class Nonces {
    private final Randomness source;
    private final Set<String> unused = ConcurrentHashMap.newKeySet();
    private double badRate;
    private Random random = new Random(0);
    private volatile String newest = "";

    Nonces(Randomness source) {
        this.source = source;
    }

    String create() {
        String nonce = source.text(16);
        unused.add(nonce);
        newest = nonce;
        return nonce;
    }

    /** The nonce that was given last, as a CA gives it that keeps no count. */
    String repeat() {
        return newest;
    }

    /** Spends a nonce; false when it is unknown or spent already, or when chance refuses it. */
    boolean spend(String nonce) {
        return unused.remove(nonce) && !refusedByChance();
    }

    void forgetAll() {
        unused.clear();
    }

    synchronized void refuse(double rate, long seed) {
        badRate = rate;
        random = new Random(seed);
    }

    private synchronized boolean refusedByChance() {
        return badRate > 0 && random.nextDouble() < badRate;
    }
}
