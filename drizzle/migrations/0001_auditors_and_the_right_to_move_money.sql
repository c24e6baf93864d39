ALTER TABLE "users" DROP CONSTRAINT "users_role_known";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "may_move_money" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Operators could refund and credit before this was a right of its own, and still can.
update users set may_move_money = true where role = 'operator';--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_only_operators_move_money" CHECK (role = 'operator' or not may_move_money);--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_role_known" CHECK (role in ('buyer', 'auditor', 'operator'));
