/** Small programs to read and run. */
@NullMarked
package org.wucme.examples;

import org.jspecify.annotations.NullMarked;
