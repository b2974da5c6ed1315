/** Speed of the core, in one run with what it costs in C. */
package io.securememory.benchmarks;
