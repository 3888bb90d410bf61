/** Where the address of a run page keeps the job. No parameter can be called so: their names have no dash. */
export const jobKey = "job-id";
