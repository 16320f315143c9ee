package org.wucme.testing.ca;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;

/** Where names, tokens, nonces and serial numbers come from. Thread-safe, whatever the generator is. */
final class Randomness {
    private final RandomGenerator generator;

    Randomness(RandomGenerator generator) {
        this.generator = generator;
    }

    /** So many random bytes, as base64url. */
    synchronized String text(int bytes) {
        byte[] random = new byte[bytes];
        generator.nextBytes(random);
        return Base64Url.encode(random);
    }

    /** A positive number of 127 bits (RFC 5280 section 4.1.2.2 allows 20 octets). */
    synchronized BigInteger serialNumber() {
        byte[] random = new byte[16];
        generator.nextBytes(random);
        return new BigInteger(1, random).clearBit(127).setBit(126);
    }

    /** Puts a list into random order. */
    synchronized <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            list.set(i, list.set(generator.nextInt(i + 1), list.get(i)));
        }
    }
}
