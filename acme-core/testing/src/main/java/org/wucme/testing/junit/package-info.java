/** {@link org.wucme.testing.junit.AcmeTesting}, a JUnit 5 extension that starts the servers of this module for a test. */
@NullMarked
package org.wucme.testing.junit;

import org.jspecify.annotations.NullMarked;
