package org.wucme.tls;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The texts by which JSSE asks for what it chose. A handshake chooses an alias, then asks for its key, then for its chain,
 * and must get what belongs together, even if the certificate was replaced or forgotten in between: so an alias stands for
 * one key and chain, for as long as anybody holds it. Thread-safe.
 */
final class Aliases {

    private final Map<String, KeyMaterial> byAlias = Collections.synchronizedMap(new WeakHashMap<>());
    private final AtomicLong count = new AtomicLong();

    /** Key material under an alias that keeps it findable. */
    record Named(String alias, KeyMaterial material) {}

    /** Gives an alias of its own to key material. */
    Named add(String name, KeyMaterial material) {
        String alias = name + "#" + count.incrementAndGet();
        byAlias.put(alias, material);
        return new Named(alias, material);
    }

    /** What an alias stands for; null if it is none of ours. */
    @Nullable
    KeyMaterial find(String alias) {
        return byAlias.get(alias);
    }
}
