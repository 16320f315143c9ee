package org.wucme.acme;

import java.util.Collection;

/**
 * Makes more CAs known by name, such as a company's own. Found by {@link java.util.ServiceLoader}: name the implementation
 * in the module's {@code provides}, or in {@code META-INF/services/org.wucme.acme.CaProvider}.
 */
public interface CaProvider {

    /**
     * The CAs. A name or a URL that is among {@link Ca#presets()} already keeps its meaning there: nobody can put another CA
     * in the place of one that administrators know.
     */
    Collection<Ca> cas();
}
