-- Pictures that operators upload, in the database, so that every process serves them.
CREATE TABLE "pictures" (
	"hash" text NOT NULL,
	"width" integer NOT NULL,
	"webp" "bytea" NOT NULL,
	"uploaded_by" uuid NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "pictures_one_per_size" PRIMARY KEY("hash","width"),
	CONSTRAINT "pictures_hash_of_sha_256" CHECK (hash ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "pictures_width_positive" CHECK (width > 0)
);
--> statement-breakpoint
ALTER TABLE "pictures" ADD CONSTRAINT "pictures_uploaded_by_a_user" FOREIGN KEY ("uploaded_by") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
