// SPDX-License-Identifier: Apache-2.0

/** Replaces google-auth-library in browsers, where it cannot run. Finds nothing; its error says what to do instead. */
export class GoogleAuth {
  async getClient(): Promise<never> {
    throw new Error(
      "they are only supported in Node; here, pass auth: a function that returns an access token",
    );
  }

  async getRequestHeaders(): Promise<never> {
    return this.getClient();
  }
}
