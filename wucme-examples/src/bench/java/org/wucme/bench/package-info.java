/** Measures this library beside acme4j: the same CA, the same distance, in one run. Not published. */
@NullMarked
package org.wucme.bench;

import org.jspecify.annotations.NullMarked;
